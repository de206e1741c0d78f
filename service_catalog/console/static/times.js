// Times by the reader's own clock, where that is not the clock of China.
const CHINA = -480; // minutes, as Date counts them

export function showLocalTimes() {
  for (const element of document.querySelectorAll("time[datetime]")) {
    const moment = new Date(element.dateTime);
    if (moment.getTimezoneOffset() === CHINA) continue;
    const language = document.documentElement.lang;
    const words = moment.toLocaleString(language, { dateStyle: "long", timeStyle: "short" });
    element.append(` · ${element.dataset.yours} ${words}`);
  }
}
