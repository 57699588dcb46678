"""Code that is not as the bundler is known to write it is refused, never guessed at."""

from __future__ import annotations

import json
import subprocess

import pytest

from unit.bundler.small_federation import Bundler

SCRIPT = """
import { readRspackEntry } from "./lib/truth_rspack.mjs";
import { readWebpackEntry } from "./lib/truth_webpack.mjs";
import { readSharing } from "./lib/truth_sharing.mjs";
const chunks = new Map([["1", ["one.js"]]]);
const [bundler, codes] = JSON.parse(process.argv[1]);
const readEntry = bundler === "rspack" ? readRspackEntry : readWebpackEntry;
const answers = codes.map((code) => {
  try {
    return JSON.stringify(readSharing(readEntry("entry.js", code), chunks));
  } catch (error) {
    return `${error.constructor.name}: ${error.message}`;
  }
});
console.log(JSON.stringify(answers));
"""

START = "var m={0(e,t,r){}};r.m=m,r.x=()=>r(0);"


def sharing(entry: str) -> str:
    return f"{START}r.initializeSharingData={{scopeToSharingDataMapping:{{default:[{entry}]}}}};"


def consuming(entry: str) -> str:
    provided = sharing('{name:"a",version:"1.0.0",factory:()=>()=>r(5)}')
    return f"{provided}r.consumesLoadingData={{moduleIdToConsumeDataMapping:{{7:{entry}}}}};"


def exposing(entry: str) -> str:
    return f"{START}r.initializeExposesData={{moduleMap:{{'./x':{entry}}}}};"


REFUSED = {
    "r.x=(": "is no script",
    "var a=1;": "starts no module",
    "var m={};r.m=m;r.x=()=>r(0)": "lacks the module 0",
    f"{START}r.consumesLoadingData={{}};r.consumesLoadingData={{}};": "twice",
    f"{START}r.consumesLoadingData=load();": "CallExpression, not a plain value",
    f"{START}r.consumesLoadingData={{...a}};": "computed or spread",
    f"{START}r.consumesLoadingData={{[a]:1}};": "computed or spread",
    f"{START}r.consumesLoadingData={{initialConsumes:[,1]}};": "a hole",
    sharing('{name:"a",version:"1.0.0",factory:()=>r.e(1)}'): "loads one module",
    sharing('{name:"a",version:"1.0.0",factory:()=>()=>[r(1),r(2)]}'): "loads one module",
    sharing('{name:"a",version:"1.0.0",factory:()=>()=>r(1),layer:"x"}'): "property `layer`",
    sharing('{name:"a",factory:()=>()=>r(1),treeShakingMode:"runtime-infer"}'): "is shaken",
    sharing('{name:"a",version:"1",factory:()=>r.e(9).then(()=>()=>r(1))}'): "no chunk 9",
    sharing('{name:"a",factory:()=>()=>r(1),requiredVersion:7}'): "7 is no range",
    consuming('{shareKey:"a",shareScope:"default",fallback:()=>load}'): "does not load one module",
    consuming('{shareKey:"a",shareScope:[1]}'): "has no name",
    exposing("1"): "is no function",
    START + 'early(r.f.remotes,"remoteInfos",()=>({a:[{name:"a",externalType:"module"}]}));': (
        'as "module", not as a script'
    ),
    START + 'r.remotesLoadingData={moduleIdToRemoteDataMapping:{1:{name:"./X",remoteName:"a"}}};': (
        "unknown remote a"
    ),
}


WEBPACK_START = (
    "var m=[()=>{}];r.m=m,r.x=()=>r(0);"
    'r.federation={initOptions:{name:"one",shareStrategy:"version-first"},'
    "bundlerRuntimeOptions:{remotes:{remoteInfos:{}}}};"
)


def webpack_sharing(version: str, start: str = WEBPACK_START) -> str:
    return f"{start}r.federation.initOptions.shared={{a:[{version}]}};r.x(),one=r(0);"


def webpack_consuming(entry: str) -> str:
    mapping = f"r.consumesLoadingData.moduleIdToConsumeDataMapping={{7:{entry}}};"
    return f"{WEBPACK_START}{mapping}r.x(),one=r(0);"


WEBPACK_INIT = 'i=(a)=>r.b.initContainerEntry({shareScope:a,shareScopeKey:"default"});'

REFUSED_OF_WEBPACK = {
    "var a=1;": "sets no options of the federation runtime",
    "var m=[()=>{}];r.m=m,r.x=()=>{};r.x(),r(0);": "sets no options of the federation runtime",
    WEBPACK_START: "starts no module",
    f"{WEBPACK_START}r.x(),one=r(3);": "lacks the module 3",
    f"{WEBPACK_START}r.federation={{initOptions:{{}}}};r.x(),r(0);": "twice",
    f"{WEBPACK_START}{WEBPACK_INIT}r.x(),r(0);": "has 0 tables of exposed modules",
    webpack_sharing('{version:"1.0.0",get:()=>r.e(1),scope:["default"],shareConfig:{}}'): (
        "loads one module"
    ),
    webpack_sharing(
        '{version:"1.0.0",get:()=>()=>r(1),scope:["default"],shareConfig:{layer:"x"}}'
    ): ("property `layer`"),
    webpack_consuming('{shareKey:"a",shareScope:["default"],layer:"x"}'): "property `layer`",
    webpack_consuming('{shareKey:"a",fallback:()=>load}'): "does not load one module",
}


@pytest.fixture(scope="module")
def answers(bundler: Bundler) -> dict[str, str]:
    """Code → what is said of it; one process for all."""
    good = sharing('{name:"a",version:"1.0.0",factory:()=>()=>r(5),eager:1}')
    return read(bundler, "rspack", [*REFUSED, good])


@pytest.fixture(scope="module")
def webpack_answers(bundler: Bundler) -> dict[str, str]:
    """Both readers are part of every bundler's tool."""
    good = webpack_sharing('{version:"1.0.0",get:()=>()=>r(5),scope:["default"],shareConfig:{}}')
    return read(bundler, "webpack", [*REFUSED_OF_WEBPACK, good])


def read(bundler: Bundler, name: str, codes: list[str]) -> dict[str, str]:
    done = subprocess.run(
        ["node", "--input-type=module", "-e", SCRIPT, json.dumps([name, codes])],
        cwd=bundler.folder,
        stdout=subprocess.PIPE,
        check=True,
    )
    return dict(zip(codes, json.loads(done.stdout)))


@pytest.mark.parametrize("code", REFUSED)
def test_it_is_refused(answers: dict[str, str], code: str) -> None:
    assert answers[code].startswith("NotUnderstood: ")
    assert REFUSED[code] in answers[code]


def test_the_same_code_without_the_fault_is_read(answers: dict[str, str]) -> None:
    (good,) = [answer for code, answer in answers.items() if code not in REFUSED]
    (provide,) = json.loads(good)["provides"]
    assert provide["eager"] is True
    assert provide["version"] == "1.0.0"


@pytest.mark.parametrize("code", REFUSED_OF_WEBPACK)
def test_webpack_s_is_refused(webpack_answers: dict[str, str], code: str) -> None:
    assert webpack_answers[code].startswith("NotUnderstood: ")
    assert REFUSED_OF_WEBPACK[code] in webpack_answers[code]


def test_webpack_s_without_the_fault_is_read(webpack_answers: dict[str, str]) -> None:
    (good,) = [answer for code, answer in webpack_answers.items() if code not in REFUSED_OF_WEBPACK]
    (provide,) = json.loads(good)["provides"]
    assert (provide["scope"], provide["version"]) == ("default", "1.0.0")
