#!/bin/sh
# Generates the contract in TypeScript below the folder named by the first argument, with the errors of google.rpc that
# it speaks of. What is there is replaced, so that code of a deleted .proto does not stay behind.
set -eu
out=$1
sh tools/npm.sh
contract=$(cd proto && find . -name '*.proto' | sed 's|^\./||' | LC_ALL=C sort)
packages=$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')

rm -rf "$out/fillwire" "$out/google"
mkdir -p "$out"
# shellcheck disable=SC2086  # a list of file names without blanks
.venv/bin/python -m grpc_tools.protoc -Iproto "-I$packages" \
    --plugin=protoc-gen-es=typescript/node_modules/.bin/protoc-gen-es \
    "--es_out=$out" --es_opt=target=ts,import_extension=js $contract google/rpc/error_details.proto
