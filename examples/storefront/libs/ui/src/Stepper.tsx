import minus from "./icons/minus.svg";
import plus from "./icons/plus.svg";

import "./Stepper.css";

export interface StepperProps {
  /** What is counted, for people who cannot see the row it stands in. */
  readonly label: string;
  readonly value: number;
  readonly max?: number;
  readonly onChange: (value: number) => void;
}

/** A number with a button on either side. It goes down to nought. */
export function Stepper({ label, value, max = 99, onChange }: StepperProps) {
  return (
    <div className="ui-stepper" role="group" aria-label={`Quantity of ${label}`}>
      <button type="button" aria-label="One fewer" onClick={() => onChange(value - 1)}>
        <img src={minus} alt="" width={16} height={16} />
      </button>
      <output aria-live="polite">{value}</output>
      <button
        type="button"
        aria-label="One more"
        disabled={value >= max}
        onClick={() => onChange(value + 1)}
      >
        <img src={plus} alt="" width={16} height={16} />
      </button>
    </div>
  );
}
