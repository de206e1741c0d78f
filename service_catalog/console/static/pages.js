// What the pages do better with a script; all of them work without it.
import { followFilters } from "./filters.js";
import { offerPrinting } from "./printing.js";
import { showLocalTimes } from "./times.js";

followFilters();
offerPrinting();
showLocalTimes();
