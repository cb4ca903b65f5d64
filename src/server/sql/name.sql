    'named', set_config('application_name', $2::text, false)
