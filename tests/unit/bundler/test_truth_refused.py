"""Code that is not as the bundler is known to write it is refused, never guessed at."""

from __future__ import annotations

import json
import subprocess

import pytest

from unit.bundler.small_federation import Bundler

SCRIPT = """
import { readEntry } from "./lib/truth_code.mjs";
import { readSharing } from "./lib/truth_sharing.mjs";
const chunks = new Map([["1", ["one.js"]]]);
const answers = JSON.parse(process.argv[1]).map((code) => {
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


@pytest.fixture(scope="module")
def answers(bundler: Bundler) -> dict[str, str]:
    """Code → what is said of it; one process for all."""
    codes = [*REFUSED, sharing('{name:"a",version:"1.0.0",factory:()=>()=>r(5),eager:1}')]
    done = subprocess.run(
        ["node", "--input-type=module", "-e", SCRIPT, json.dumps(codes)],
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
