/**
 * Every word that the element says itself. What is about health comes from Kalm; `unreachable`, `danger` and
 * `disclaimer` must be here too, for when Kalm cannot be reached. A test holds them, and `evidence`, to Kalm's own.
 */
export const STRINGS = {
  open: "Stel je vraag",
  open_unread: "Stel je vraag (er is een nieuw antwoord)",
  heading: "Kalm",
  subheading: "Chatbot, geen arts",
  close: "Sluit de chat",
  conversation: "Gesprek",
  greeting: "",
  you: "Jij",
  kalm: "Kalm",
  label: "Je vraag",
  send: "Verstuur",
  typing: "Kalm zoekt een antwoord",
  loading: "Even geduld",

  waiting: "Wacht op verbinding",
  sending: "Wordt verstuurd",
  sent: "Verstuurd",
  failed: "Niet beantwoord",
  again: "Probeer opnieuw",
  take_back: "Verander",
  unreachable: "Ik kan Kalm nu niet bereiken. Wat je typt, gaat weg zodra er weer verbinding is.",
  danger: "In nood bel je 112. Denk je aan zelfdoding, bel dan 113, in België 1813, dag en nacht.",
  too_long: "Je bericht is te lang: {count} tekens, en {limit} kan.",

  source: "Bron",
  new_tab: "opent een nieuw tabblad",
  rests_on: "Het artikel noemt daarbij als bron:",
  evidence: {
    ervaring: "ervaring van gebruikers",
    onderzoek: "onderzoek",
    officieel: "officiële bron",
    algemeen: "algemene informatie",
  } as Record<string, string>,
  call: "Bel",
  copy: "Kopieer",
  copied: "Gekopieerd",
  not_copied: "Kopiëren lukte niet.",
  helped: "Dit hielp",
  not_helped: "Dit hielp niet",
  thanks: "Dank je.",
  why: "Wat klopte er niet?",
  reasons: ["Dit zocht ik niet", "Ik snap het niet", "Het klopt niet"],
  reason: "Iets anders",
  reason_send: "Stuur",
  person: "Liever een medewerker",
  person_payload: "Ik wil een medewerker spreken",

  privacy: "Wat bewaren jullie?",
  articles: "Naar de artikelen",
  erase: "Wis gesprek",
  erase_sure: "Zal ik dit gesprek wissen? Ik kan het niet terughalen.",
  erase_yes: "Ja, wis het",
  erase_no: "Nee",
  erased:
    "Het gesprek is gewist. Je bonnummer is {receipt}. Bewaar het als je er later nog naar wilt vragen.",
  erased_nothing: "Er stond niets meer van je gesprek. Het is hier nu ook weg.",
  erase_failed: "Wissen lukte nu niet. Er is niets gewist. Probeer het zo nog eens.",
  judge_failed: "Je oordeel kwam niet aan. Probeer het nog eens.",
  ended: "Je vorige gesprek is er niet meer: het was te oud, of het is gewist.",
  disclaimer: "Dit is algemene informatie en geen medisch advies.",
};

export type Strings = typeof STRINGS;
