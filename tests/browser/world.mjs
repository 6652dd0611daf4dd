// Names of the invented world that the browser tests refer to, as `crates/world` has them.

/** People: `{ chi, council, portal }`, the numbers of their records in both hosts. */
export const ELSPETH = { name: "DUNBRAE", chi: "1203414749", council: "W-20481", portal: "S100481" };
export const FERGUS = { name: "DUNBRAE", chi: "3007683130", council: "W-20482", portal: "S100482" };
export const ELSBETH = { name: "DUNBRAY", chi: "0801794765", council: "W-20483", portal: "S100483" };
export const MURDO = { name: "HALCRO", chi: "1904524117", council: "W-20512", portal: "S100512" };
export const AILSA = { name: "KINROSS", chi: "1406904023", council: "W-20533", portal: "S100533" };
export const FINLAY = { name: "TARRAS", chi: "0506174719", council: "W-20544", portal: "S100544" };
export const HECTOR = { name: "BALLANTRAE", chi: "0211484172", council: "W-20566", portal: "S100566" };
export const UNA = { name: "CORRIE", chi: "1708634304", council: "W-20577", portal: "S100577" };
export const TORQUIL = { name: "ASKEW", chi: "0811554414", council: "", portal: "S100588" };
export const RONA = { name: "TULLIBAR", chi: "1103714503", council: "W-20599", portal: "S100599" };

/** Staff, by their user names. */
export const NURSE = "aileen.strachan-bell";
export const CLERK = "lewis.garrow";
export const RECEPTIONIST = "senga.tarras";
export const SOCIAL_WORKER = "catriona.fenwick";
export const EMERGENCY_DUTY = "dougal.inverarity";

/** Codes of the organisations, of their agreement and of their record systems. */
export const COUNCIL = "strathorr-council";
export const BOARD = "nhs-strathorr";
export const AGREEMENT = "adult-care-isp";
export const CASE_SYSTEM = "strathorr-case-system";
export const BOARD_RECORDS = "nhs-strathorr";

/** The screen for whatever depends on the person. */
export const NOTHING = "Nothing can be shown for this person";
