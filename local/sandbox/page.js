const $ = (id) => document.getElementById(id);
let threads = [], chosen = null, drawn = "";

function element(name, text, attributes = {}) {
  const made = document.createElement(name);
  made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

async function ask(method, path, body) {
  const sent = body && { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  const answer = await fetch(path, { method, ...sent });
  const found = await answer.json();
  if (!answer.ok) throw new Error(found.error);
  return found;
}

function choose(number) {
  chosen = number;
  $("reply").from.value = number;
  draw();
}

function draw() {
  if (!chosen && threads.length) return choose(threads[0].number);
  const state = JSON.stringify([threads, chosen]);
  if (state === drawn) return;
  drawn = state;
  if (threads.length) $("threads").replaceChildren(...threads.map(drawThread));
  const thread = threads.find((each) => each.number === chosen);
  const texts = thread ? thread.texts : [];
  $("texts").replaceChildren(...(texts.length ? texts.map(drawText)
    : [element("p", "What this phone gets and sends stands here.", { class: "none" })]));
  $("texts").scrollTop = $("texts").scrollHeight;
}

function drawThread(thread) {
  const row = element("button", thread.number, { "aria-current": thread.number === chosen });
  row.append(element("small", thread.texts.at(-1).body));
  row.onclick = () => choose(thread.number);
  return row;
}

function drawText(text) {
  const mine = text.direction === "inbound";
  const row = element("div", "", { class: mine ? "text mine" : "text" });
  const bad = ["failed", "undelivered"].includes(text.status);
  const time = new Date(text.created_at).toLocaleTimeString([], { timeStyle: "medium" });
  const state = mine ? "" : ` · ${text.status}${text.error_code ? " " + text.error_code : ""}`;
  row.append(element("p", text.body), element("small", time + state, bad ? { class: "bad" } : {}));
  return row;
}

function drawFaults(faults) {
  $("under-way").replaceChildren(...faults.map((each) => {
    const often = each.count ? `${each.count} times` : each.rate ? `rate ${each.rate}` : "until cleared";
    return element("li", `${each.target}: ${each.mode}, ${often} (${each.happened} so far)`);
  }));
}

async function poll() {
  try {
    threads = (await ask("GET", "/sandbox/twilio/threads")).threads;
    drawFaults((await ask("GET", "/sandbox/faults")).faults);
    draw();
  } catch { $("said").textContent = "The stack does not answer."; }
  setTimeout(poll, 1000);
}

const telling = (work) => async (event) => {
  event.preventDefault();
  try { $("said").textContent = (await work(event)) || ""; }
  catch (error) { $("said").textContent = error.message; }
};

$("reply").onsubmit = telling(async ({ target }) => {
  chosen = target.from.value;
  const { status } = await ask("POST", "/sandbox/twilio/inbound",
    { from: chosen, body: target.body.value });
  target.body.value = "";
  return status === 200 ? "" : `The inbound webhook answered ${status || "nothing"}.`;
});
$("faults").onsubmit = telling(async ({ target }) => {
  const [kind, number] = target.often.value.split(":");
  const often = kind ? { [kind]: Number(number) } : {};
  await ask("POST", "/sandbox/faults", { target: target.target.value, mode: target.mode.value, ...often });
});
$("clear").onclick = telling(() => ask("DELETE", "/sandbox/faults").then(() => ""));
poll();
