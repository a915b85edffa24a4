import type { Messages } from "../en";

export const settings: Pick<Messages, "settingFields"> = {
  settingFields: {
    texts: "Mensajes",
    callers: "Llamadas y códigos",
    breaks: "Descansos",
    noBreak: "Sin descanso",
    breakOf: (day) => `Descansos el ${day.toLowerCase()}`,
    breakFrom: (day) => `Descanso el ${day.toLowerCase()}, desde`,
    breakTo: (day) => `Descanso el ${day.toLowerCase()}, hasta`,
    anotherBreak: (day) => `Otro descanso el ${day.toLowerCase()}`,
    bounds: (least, most) => `De ${least} a ${most}.`,
    units: {
      minutes: "minutos",
      days: "días",
      texts: "mensajes",
      times: "veces",
      digits: "cifras",
    },
    ifEmpty: (value) => `Si está vacío: ${value}.`,
    carriersHelp: "la operadora responde por sí sola",
    price: (currency) => `Precio, ${currency}`,
    doneIn: "Dónde:",
    anyBay: "cualquier puesto",
    baysOf: (service) => `${service}, puestos`,
    fields: {
      slot_minutes: {
        label: "Cada cuánto se ofrece una hora",
        hint: "A quien llama se le ofrece una hora con esta frecuencia. Cuartos de hora.",
      },
      lead_minutes: {
        label: "Antelación mínima",
        hint: "Quien llama no puede reservar nada antes.",
      },
      horizon_days: {
        label: "Máximo por adelantado",
        hint: "Quien llama no puede reservar más allá.",
      },
      cancel_notice_minutes: {
        label: "Antelación para cancelar por mensaje",
        hint: "Más cerca de la cita un mensaje no cancela nada: se pide que llamen.",
      },
      sms_budget_per_day: {
        label: "Mensajes al día",
        hint: "De todo el negocio. Lo que pasa de ahí se rechaza. Con 0 no se envía ninguno.",
      },
      "limits.sms_per_person": {
        label: "Mensajes a una persona",
        hint: "Tantos en los minutos de al lado; después se rechazan por un rato.",
      },
      "limits.sms_per_person_minutes": {
        label: "En",
        hint: "El tiempo en que se cuentan los mensajes a una persona.",
      },
      "quiet_hours.from": {
        label: "Silencio, desde",
        hint: "Desde esa hora espera la publicidad, según el reloj de la persona. Códigos y confirmaciones no.",
      },
      "quiet_hours.to": {
        label: "Silencio, hasta",
        hint: "Entonces sale lo que esperaba. Si son iguales, no hay.",
      },
      "sms_answers.confirm": {
        label: "Palabra que confirma",
        hint: "La que piden los mensajes. De 1 a 10 letras, y ninguna de las operadoras, como STOP.",
      },
      "sms_answers.cancel": {
        label: "Palabra que cancela",
        hint: "Otra distinta. CANCEL es para las operadoras una baja.",
      },
      sms_help: {
        label: "Respuesta a HELP",
        hint: "Para quien escribe HELP: quiénes son y cómo localizarlos. Hasta 320 caracteres.",
      },
      "texts.work_completed": {
        label: "Mensaje al terminar el trabajo",
        hint: "Se avisa al cliente por sí solo cuando se completa el último paso.",
      },
      "limits.holds_per_phone": {
        label: "Horas reservadas para un número",
        hint: "Tantas a la vez, 15 minutos cada una.",
      },
      "limits.holds_per_hour": {
        label: "Horas reservadas por hora",
        hint: "Entre todas las llamadas, para que nadie bloquee el calendario.",
      },
      "limits.codes_per_day": {
        label: "Códigos al día",
        hint: "De todo el negocio. Después se pide que llamen de nuevo.",
      },
      code_length: {
        label: "Longitud del código",
        hint: "Más largo es más seguro y más difícil de decir.",
      },
      text_countries: {
        label: "Países que reciben códigos",
        hint: "Dos letras cada uno: US, CA. Hasta 50.",
      },
    },
    you: "usted",
  },
};
