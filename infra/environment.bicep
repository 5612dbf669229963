// Reads environment variables. An empty variable counts as not set.

@export()
@description('The value without surrounding spaces, or the default if it is empty.')
func given(value string, otherwise string) string => empty(trim(value)) ? otherwise : trim(value)

@export()
@description('The items of a comma-separated list.')
func items(value string) string[] => filter(map(split(value, ','), item => trim(item)), item => !empty(item))
