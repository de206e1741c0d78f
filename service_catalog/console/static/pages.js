// What the pages do better with a script; all of them work without it.
import { followFilters } from "./filters.js";
import { offerPrinting } from "./printing.js";
import { suggestServices } from "./suggestions.js";
import { showLocalTimes } from "./times.js";

followFilters();
offerPrinting();
showLocalTimes();
suggestServices();
