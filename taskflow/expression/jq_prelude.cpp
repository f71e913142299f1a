#include "taskflow/expression/jq_prelude.hpp"

namespace mfo::taskflow {

// A definition that names itself calls itself: hence the second names, which
// are bound to jq's own.
const std::string_view jq_prelude = R"(
# What would reach out of the workflow.
def _outside: error("it is not allowed");
def debug: _outside;
def env: _outside;
def get_search_list: _outside;
def halt: _outside;
def halt_error: _outside;
def halt_error($code): _outside;
def input: _outside;
def inputs: _outside;
def input_filename: _outside;
def input_line_number: _outside;
def modulemeta: _outside;
def stderr: _outside;

# Times: gmtime(3) fails where the year is no int.
def _time:
  if type == "number" and (. < -1e15 or . > 1e15)
  then error("\(.) is no time") else . end;
def _strftime(f): strftime(f);
def strftime(f): _time | _strftime(f);
def _strflocaltime(f): strflocaltime(f);
def strflocaltime(f): _time | _strflocaltime(f);
def todateiso8601: strftime("%Y-%m-%dT%H:%M:%SZ");
def todate: todateiso8601;

# Regular expressions: as jq 1.6 has them, but for the flags and for `sub`,
# which looked for the next match in the rest alone, where `^` holds again.
# https://github.com/jqlang/jq/blob/jq-1.6/src/builtin.jq
def match(re; flags):
  flags as $flags
  | if ($flags | type) == "string" and ($flags | contains("g"))
    then _match_impl(re; $flags + "n"; false)
    else _match_impl(re; $flags; false) end
  | .[];
def match($val):
  if ($val | type) == "string" then match($val; null)
  elif ($val | type) == "array" and ($val | length) > 0
  then match($val[0]; $val[1])
  else error(($val | type) + " not a string or array") end;
def _captured:
  reduce (.captures[] | select(.name != null)) as $each
    ({}; . + {($each.name): $each.string});
def capture(re; flags): match(re; flags) | _captured;
def capture($val): match($val) | _captured;
def scan(re):
  match(re; "g")
  | if (.captures | length) > 0 then [.captures[].string] else .string end;
def splits($re; flags):
  . as $in
  | [match($re; "g" + flags) | (.offset, .offset + .length)]
  | [0] + . + [$in | length]
  | _nwise(2)
  | $in[.[0]:.[1]];
def splits($re): splits($re; null);
def split($re; flags): [splits($re; flags)];
def sub($re; s; flags):
  . as $in
  | [match($re; flags)] as $edits
  | def _from($i; $at):
      if $i == ($edits | length) then $in[$at:]
      else $edits[$i] as $edit
        | $in[$at:$edit.offset] + ($edit | _captured | s)
          + _from($i + 1; $edit.offset + $edit.length)
      end;
    _from(0; 0);
def sub($re; s): sub($re; s; "");
def gsub($re; s; flags): sub($re; s; flags + "g");
def gsub($re; s): sub($re; s; "g");

# Searches.
def _indices($i): indices($i);
def indices($i): if type == "string" and $i == "" then [] else _indices($i) end;
def index($i): indices($i) | .[0];
def rindex($i): indices($i) | .[-1:][0];
def _plain_strindices($i): _strindices($i);
def _strindices($i): if $i == "" then [] else _plain_strindices($i) end;

# Numbers that JSON has not.
def _tonumber: tonumber;
def tonumber:
  _tonumber | if isnan then error("it is not a number") else . end;
def _fromjson: fromjson;
def fromjson:
  _fromjson
  | if any(..; type == "number" and isnan)
    then error("it holds not-a-number, which JSON has not") else . end;

# Remainders: both numbers are cut to integers before.
def _plain_mod(a; b): _mod(a; b);
def _mod(a; b):
  b as $b | a as $a
  | if ([$a, $b] | all(type == "number")) and $b > -2 and $b <= -1
    then 0 else _plain_mod($a; $b) end;

# Assignments.
def _in_bounds:
  if any(.[]?; (type == "number" and . > 1000000)
               or (type == "object" and any(.[]; type == "number" and . > 1000000)))
  then error("an index above 1000000 cannot be written to") else . end;
def _setpath(p; v): setpath(p; v);
def setpath(p; v): v as $v | p as $p | _setpath($p | _in_bounds; $v);
def _assign(paths; value):
  value as $v | reduce path(paths) as $p (.; setpath($p; $v));
def _modify(paths; update):
  reduce path(paths) as $p
    (.; label $out
        | (setpath($p; getpath($p) | update) | ., break $out), delpaths([$p]));
def _fromstream(i): fromstream(i);
def fromstream(i): _fromstream(i | (.[0] | _in_bounds) as $_ | .);

null as $ENV |
)";

} // namespace mfo::taskflow
