# Completes the command line of pgrole by asking pgrole itself, which looks into the config file and the registry.

function __pgrole_complete
    set -l words (commandline --current-process --tokenize --cut-at-cursor)
    PGROLE_COMPLETE=fish command pgrole -- $words (commandline --current-token --cut-at-cursor) 2>/dev/null
end

complete --command pgrole --keep-order --no-files --arguments '(__pgrole_complete)'
