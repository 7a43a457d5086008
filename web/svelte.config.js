/** The style of each short hash, and its file: two that had the same would dress each other's components. */
const styles = new Map();

function cssHash({ hash, css, filename }) {
  // A hash's last letters are all alike likely; its first is nearly always the same.
  const short = `s${hash(css).slice(-4)}`;
  const known = styles.get(short) ?? { css, filename };
  if (known.css !== css) throw new Error(`the styles of ${known.filename} and ${filename} have one short hash: change a letter in one`);
  styles.set(short, known);
  return short;
}

export default {
  compilerOptions: { runes: true, cssHash },
};
