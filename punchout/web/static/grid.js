/* Comfort for the grid: everything here can be done with its buttons too. */

const form = document.getElementById("grid");
const unsaved = form?.querySelector(".grid-unsaved");
const cells = () => [...form.querySelectorAll("td input")];
const beneath = (input) => input.name.split("-").at(-1);
const blockOf = (input) => input.closest("tbody");
let touched = Boolean(form?.querySelector(".grid-wrong"));
let typedIn = null;

/* The field in the same column, so many rows further; the first and the last row are the ends. */
function inColumn(input, step) {
  const column = cells().filter((cell) => beneath(cell) === beneath(input));
  return column[column.indexOf(input) + step];
}

function inRow(input, step) {
  const row = [...input.closest("tr").querySelectorAll("td input")];
  return row[row.indexOf(input) + step];
}

function go(input) {
  if (!input) return false;
  input.focus();
  input.select();
  return true;
}

function count(input) {
  return /^\s*\d{1,3}\s*$/.test(input.value) ? Number(input.value) : 0;
}

function addUp(block) {
  const counts = (root) => [...root.querySelectorAll('input[name$="-count"]')].reduce((sum, one) => sum + count(one), 0);
  block.querySelector(".grid-sum").textContent = counts(block);
  const all = form.querySelector(".grid-all");
  all.textContent = counts(form) + Number(all.dataset.elsewhere);
}

function changed(input) {
  touched = true;
  unsaved.textContent = unsaved.dataset.text;
  if (input && blockOf(input)) addUp(blockOf(input));
}

/* From this field down: each empty one takes the code above it, up to the next that is filled. A shelf mark is
   one title's own and stays in it. */
function fillDown(input) {
  const own = beneath(input) === "shelf_mark";
  const column = cells().filter((cell) => beneath(cell) === beneath(input) && (!own || blockOf(cell) === blockOf(input)));
  const start = column.indexOf(input);
  const source = column.slice(0, start + 1).findLast((cell) => cell.value.trim())?.value;
  if (!source || beneath(input) === "count") return;
  for (const cell of column.slice(start)) {
    if (cell !== input && cell.value.trim()) break;
    cell.value = source;
  }
  changed(input);
}

function addRow(button) {
  const block = button.closest("tbody");
  const rows = [...block.querySelectorAll("tr")].filter((row) => row.querySelector("td input"));
  const place = 1 + Math.max(...rows.map((row) => Number(row.querySelector("input").name.split("-")[3])));
  const row = rows.at(-1).cloneNode(true);
  row.querySelectorAll(".wrong").forEach((text) => text.remove());
  for (const input of row.querySelectorAll("input")) {
    input.name = input.name.replace(/-group-\d+-/, `-group-${place}-`);
    for (const name of ["id", "class", "aria-invalid", "aria-describedby", "autofocus"]) input.removeAttribute(name);
    input.value = beneath(input) === "count" ? "1" : "";
  }
  block.append(row);
  const first = row.querySelector("input");
  changed(first);
  go(first);
}

/* Arrows go from field to field; in one that is being typed in they belong to its suggestions and its text. */
function arrow(event, input) {
  const typing = typedIn === input;
  const { selectionStart: from, selectionEnd: to, value } = input;
  const whole = from === 0 && to === value.length;
  if (event.key === "ArrowDown" && !typing) return go(inColumn(input, 1));
  if (event.key === "ArrowUp" && !typing) return go(inColumn(input, -1));
  if (event.key === "ArrowLeft" && (whole || (from === 0 && to === 0))) return go(inRow(input, -1));
  if (event.key === "ArrowRight" && (whole || from === value.length)) return go(inRow(input, 1));
  return false;
}

function key(event) {
  const command = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
  if (command && event.key === "s") {
    event.preventDefault();
    form.requestSubmit();
    return;
  }
  const input = event.target.closest?.("td input, .grid-share input");
  if (!input) return;
  const inTable = input.closest("td");
  if (event.key === "Enter" && !command) {
    event.preventDefault();
    const shares = [...form.querySelectorAll(".grid-share input")];
    go(inTable ? inColumn(input, 1) : shares[shares.indexOf(input) + 1]);
  } else if (command && event.key === "d" && inTable) {
    event.preventDefault();
    fillDown(input);
  } else if (inTable && !command && !event.altKey && !event.shiftKey && arrow(event, input)) {
    event.preventDefault();
  }
}

if (form?.querySelector(".grid-table")) {
  form.addEventListener("keydown", key);
  form.addEventListener("input", (event) => {
    typedIn = event.target;
    changed(event.target);
  });
  form.addEventListener("focusin", () => { typedIn = null; });
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button.grid-more");
    if (!button) return;
    event.preventDefault();
    addRow(button);
  });
  form.addEventListener("submit", () => { touched = false; });
  addEventListener("beforeunload", (event) => { if (touched) event.preventDefault(); });
}
