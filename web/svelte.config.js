/** The style of each short hash: two that had the same would dress each other's components. */
const styles = new Map();

function cssHash({ hash, css }) {
  const short = `s${hash(css).slice(0, 4)}`;
  if ((styles.get(short) ?? css) !== css) throw new Error(`two styles have the hash ${short}`);
  styles.set(short, css);
  return short;
}

export default {
  compilerOptions: { runes: true, cssHash },
};
