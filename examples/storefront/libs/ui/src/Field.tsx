import type { ComponentProps } from "react";
import { useId } from "react";

import "./Field.css";

export interface FieldProps extends ComponentProps<"input"> {
  readonly label: string;
  /** A remark under the field, read out together with it. */
  readonly hint?: string | undefined;
}

/** A labelled text field. */
export function Field({ label, hint, ...input }: FieldProps) {
  const id = useId();
  const hintId = hint ? `${id}-hint` : undefined;
  return (
    <div className="ui-field">
      <label htmlFor={id}>{label}</label>
      <input {...input} id={id} aria-describedby={hintId} />
      {hint ? <small id={hintId}>{hint}</small> : null}
    </div>
  );
}
