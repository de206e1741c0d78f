// A file that is too large is refused before it is sent, with everything else that was filled in still there.
export function refuseLargeFiles() {
  for (const field of document.querySelectorAll("input[type=file][data-most]")) {
    const judge = () => {
      const isTooLarge = [...field.files].some((file) => file.size > Number(field.dataset.most));
      field.setCustomValidity(isTooLarge ? field.dataset.tooLarge : "");
      return !isTooLarge;
    };
    field.addEventListener("change", () => judge() || field.reportValidity());
    field.form.addEventListener("submit", (event) => {
      if (judge()) return; // a preview is sent without the browser's own checks
      event.preventDefault();
      field.reportValidity();
    });
  }
}
