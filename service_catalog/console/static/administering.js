// What the administrators' pages do better with a script; all of it works without.
import { previewTags } from "./tagging.js";
import { refuseLargeFiles } from "./uploading.js";

previewTags();
refuseLargeFiles();
