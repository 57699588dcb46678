import Button from "@material-ui/core/Button";
import { makeStyles } from "@material-ui/core/styles";
import { Fragment, useState, type ReactNode } from "react";

const STEPS = [
  "Ask for an account on the cluster",
  "Clone the service template",
  "Ship something small",
  "Take the pager for a day",
];

// The theme is the host's: `@material-ui/core/styles` is shared, and so is the context behind it.
const useStyles = makeStyles((theme) => ({
  page: {
    display: "grid",
    gap: theme.spacing(3),
    gridTemplateColumns: "repeat(auto-fit, minmax(min(22rem, 100%), 1fr))",
    padding: theme.spacing(3),
  },
  card: {
    alignContent: "start",
    background: theme.palette.background.paper,
    border: `1px solid ${theme.palette.divider}`,
    borderRadius: theme.spacing(1),
    color: theme.palette.text.primary,
    display: "grid",
    gap: theme.spacing(2),
    padding: theme.spacing(3),
  },
  steps: { display: "grid", gap: theme.spacing(1), listStyle: "none", margin: 0, padding: 0 },
  done: { color: theme.palette.text.secondary, textDecoration: "line-through" },
  bar: {
    accentColor: theme.palette.primary.main,
    width: "100%",
  },
  more: { background: theme.palette.primary.main, justifySelf: "start" },
}));

/** Steps of the first week, to be ticked off, and beside them what others add. */
export function HelloPage({ cards }: { cards: readonly ReactNode[] }) {
  const classes = useStyles();
  const [done, setDone] = useState(1);
  return (
    <div className={classes.page} data-testid="hello-page">
      <section className={classes.card}>
        <h2>Your first week</h2>
        <progress className={classes.bar} value={done} max={STEPS.length} data-testid="progress" />
        <ol className={classes.steps}>
          {STEPS.map((step, index) => (
            <li key={step} className={index < done ? classes.done : undefined}>
              {step}
            </li>
          ))}
        </ol>
        <Button
          className={classes.more}
          variant="contained"
          color="primary"
          disabled={done === STEPS.length}
          onClick={() => setDone(done + 1)}
        >
          Done
        </Button>
      </section>
      {cards.map((card, index) => (
        <Fragment key={index}>{card}</Fragment>
      ))}
    </div>
  );
}
