const form = $("call");
const slot = { slotId: "$slots.0.slotId", phone: "$from", name: "Ana Ortiz", serviceId: "svc_wash" };
const ask1 = { name: "check-availability", arguments: { date: "tomorrow", serviceId: "svc_wash" } };
const hold = { name: "reserve-atomic", arguments: slot };
const rest = [
  { name: "send-otp", arguments: { holdId: "$hold.id" } },
  { name: "verify-otp", arguments: { holdId: "$hold.id", code: "$code" } },
  { name: "send-confirmation", arguments: { appointmentId: "$appointment.id" } },
];
const PRESETS = {
  "Book a visit": [ask1, hold, ...rest],
  "Only ask what is free": [ask1],
  "A lost answer, repeated": [ask1, { ...hold, toolCallId: "call_1", timeoutSeconds: 0.01 },
    { ...hold, toolCallId: "call_1", repeat: 1 }],
  "Two tools in one request": [[ask1, { name: "order-pizza", arguments: {} }]],
  "Hang up in the middle": [ask1, hold, { message: "end-of-call-report" }],
};

function options(name, values) {
  form.elements[name].replaceChildren(...values.map((each) => element("option", each)));
}

function fillIn() {
  const steps = PRESETS[form.preset.value].map((each) => "  " + JSON.stringify(each));
  form.tools.value = `[\n${steps.join(",\n")}\n]`;
}

/* What the agent would say: the lines of an envelope, or the words beside a plain answer. */
function linesOf({ answer, error }) {
  if (!answer) return [error];
  if (answer.timedOut) return ["Nobody waited for the answer."];
  if (!answer.body) return [`${answer.status}, without a body`];
  const { results, result, spoken, error: refused } = answer.body;
  return results ? results.map((each) => each.result ?? each.error) : [result ?? spoken ?? refused];
}

function drawExchange(exchange) {
  const { tools, request, answer } = exchange;
  const row = element("li", "");
  const facts = answer ? ` · ${answer.status ?? "no answer"} · ${answer.seconds} s` : "";
  row.append(element("small", (tools.join(", ") || request.body.message.type) + facts));
  row.append(...linesOf(exchange).map((each) => element("p", each)));
  const details = element("details", "");
  details.append(element("summary", "Request and answer"),
    element("pre", JSON.stringify({ request, answer }, null, 2)));
  row.append(details);
  return row;
}

function script() {
  const fields = Object.fromEntries(["org", "shape", "auth"].map((name) => [name, form[name].value]));
  return { from: form.from.value || null, tools: JSON.parse(form.tools.value), ...fields };
}

form.preset.onchange = fillIn;
form.onsubmit = async (event) => {
  event.preventDefault();
  $("call-said").textContent = "Calling…";
  try {
    const { exchanges } = await ask("POST", "/sandbox/vapi/call", script());
    $("exchanges").replaceChildren(...exchanges.map(drawExchange));
    $("call-said").textContent = "";
  } catch (error) { $("call-said").textContent = error.message; }
};

ask("GET", "/sandbox/vapi/call").then(({ orgs, shapes, auths }) => {
  options("preset", Object.keys(PRESETS));
  options("org", orgs);
  options("shape", shapes);
  options("auth", auths);
  fillIn();
});
