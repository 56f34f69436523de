/** What the server says about the chat before anybody says anything. */

export type LeadField = "name" | "email" | "phone";

export interface Stop {
  color: string;
  /** In percent. */
  at: number;
}

export interface LeadForm {
  fields: LeadField[];
  message: string;
  consentText: string | null;
}

export interface FrameSettings {
  project: string;
  websiteToken: string | null;
  /** Of who answers. */
  name: string;
  locale: string;
  dir: "ltr" | "rtl";
  texts: Record<string, string>;
  look: {
    color: string;
    ink: string;
    gradient: Stop[];
    position: string;
    avatar: string | null;
    showBranding: boolean;
    theme: "auto" | "light" | "dark";
    customCss: string;
  };
  welcome: string;
  quickPrompts: string[];
  hours: { open: boolean; opensAt: string | null };
  offersPerson: boolean;
  leadForm: LeadForm | null;
  sharesSubdomains: boolean;
}

/** Read the settings of the page; null on the page for previews, which is told them. */
export const readSettings = (): FrameSettings | null =>
  JSON.parse(document.getElementById("settings")?.textContent ?? "null");
