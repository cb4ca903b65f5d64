# Completes the command line of pgrole by asking pgrole itself, which looks into the config file and the registry.

_pgrole() {
    local found
    COMPREPLY=()
    while IFS= read -r found; do
        COMPREPLY+=("$found")
    done < <(PGROLE_COMPLETE=bash command pgrole -- "${COMP_LINE:0:COMP_POINT}" "$2" 2>/dev/null)
    if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *[/:=] ]]; then
        compopt -o nospace 2>/dev/null
    fi
}

# The order says something (environments, in rollout order), but bash keeps it only from 4.4 on.
complete -o nosort -F _pgrole pgrole 2>/dev/null || complete -F _pgrole pgrole
