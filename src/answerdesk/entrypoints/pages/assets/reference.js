// Starts Scalar on the API description that the page names. It contacts no other host: no fonts, no
// proxy, no telemetry, no assistant.

/** @typedef {{createApiReference: (place: string, settings: object) => void}} Scalar */

/** @type {Window & {Scalar: Scalar}} */ (/** @type {Window} */ (window)).Scalar.createApiReference("#reference", {
  url: document.getElementById("reference")?.dataset.description,
  withDefaultFonts: false,
  telemetry: false,
  proxyUrl: "",
  hideClientButton: true,
  showDeveloperTools: "never",
  agent: { disabled: true },
  mcp: { disabled: true },
  persistAuth: false,
  operationTitleSource: "summary",
  defaultOpenFirstTag: true,
});
