# CycloneDX 1.5 from the output of `cargo metadata`: $crates has the wanted ones ("NAME VERSION" in lines), $checksums those
# of Cargo.lock ("NAME VERSION SHA256"), $time is when.

($crates | split("\n") | map(select(. != ""))) as $wanted
| ($checksums | split("\n") | map(select(. != "") | split(" ") | {key: "\(.[0]) \(.[1])", value: .[2]}) | from_entries) as $sums
| def key: "\(.name) \(.version)";
  def reference: "pkg:cargo/\(.name)@\(.version)";
  def component: {
      "bom-ref": reference, name, version, purl: reference,
    }
    + (if .description then {description: (.description | gsub("\\s+"; " ") | ltrimstr(" "))} else {} end)
    + (if .license then {licenses: [{expression: (.license | gsub("/"; " OR "))}]} else {} end)
    + (if $sums[key] then {hashes: [{alg: "SHA-256", content: $sums[key]}]} else {} end)
    + (if .repository then {externalReferences: [{type: "vcs", url: .repository}]} else {} end);
  .resolve.root as $root
| (.packages | map(select(key as $key | $wanted | index($key)))) as $packages
| ($packages | map({key: .id, value: reference}) | from_entries) as $references
| {
    bomFormat: "CycloneDX",
    specVersion: "1.5",
    version: 1,
    metadata: {
      timestamp: $time,
      component: ($packages[] | select(.id == $root) | {type: "application"} + component)
    },
    components: ($packages | map(select(.id != $root) | {type: "library"} + component) | sort_by(."bom-ref")),
    dependencies: (
      .resolve.nodes
      | map(select($references[.id])
        | {
            ref: $references[.id],
            dependsOn: (.deps | map(select(any(.dep_kinds[]; .kind != "dev")) | $references[.pkg] | values) | unique)
          })
      | sort_by(.ref)
    )
  }
