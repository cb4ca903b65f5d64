    -- A promotion is in the control file at once; the checkpoint after it may take minutes, and clears the first value.
    'timeline', greatest((pg_control_checkpoint()).timeline_id, (pg_control_recovery()).min_recovery_end_timeline)
