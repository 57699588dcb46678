// A loader for development: React's warnings name the file that an element was written in. SWC writes its
// absolute path there, and can't be told another (`jsc.transform.react.development`).
export default function repositoryNames(source, map, more) {
  this.callback(null, source.replaceAll(`fileName: "${process.cwd()}/`, 'fileName: "'), map, more);
}
