import { runInNewContext } from 'node:vm';
import { compileAtOnce } from '../../projenrc/tools/bundle-library/compile-at-once';

const HELPER = 'var __commonJS=(cb,mod)=>()=>(mod||cb[Object.keys(cb)[0]]((mod={exports:{}}).exports,mod),mod.exports);';
const TEXT = `${HELPER}var require_one=__commonJS({"one.js"(exports,module){module.exports={of(){return "}})"}};}});`
  + 'var require_two=__commonJS({"two.js"(exports){exports.two=require_one().of()+`${2}`;}});module.exports=require_two();';

test('modules are functions in brackets, what is in them is as it was, and the bundle does the same', () => {
  const bundled = compileAtOnce('bundle.js', TEXT);
  expect(bundled).toContain('"one.js":(function(exports,module){module.exports={of(){return "}})"}};})});');
  expect(bundled).toContain('"two.js":(function(exports){exports.two=require_one().of()+`${2}`;})});');
  const run = (code: string): unknown => {
    const module = { exports: {} };
    runInNewContext(code, { module });
    return JSON.stringify(module.exports);
  };
  expect(run(bundled)).toBe('{"two":"}})2"}');
  expect(run(TEXT)).toBe(run(bundled));
});

test('methods of an object are no modules', () => {
  const text = '__commonJS({"a.js"(exports){exports.a={"b"(){return 1}};}});';
  expect(compileAtOnce('bundle.js', text)).toBe('__commonJS({"a.js":(function(exports){exports.a={"b"(){return 1}};})});');
});

test('a bundle that is written otherwise is refused', () => {
  expect(() => compileAtOnce('bundle.js', 'exports.a = { "b"() {} };')).toThrow('bundle.js has no modules that esbuild has wrapped');
});
