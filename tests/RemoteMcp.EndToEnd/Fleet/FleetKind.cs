namespace RemoteMcp.EndToEnd.Fleet;

/// <summary>The kind of instances in a fleet.</summary>
public enum FleetKind
{
    /// <summary>Processes that run the pipeline on Kestrel, as in <c>remote-mcp serve</c>.</summary>
    Serve,

    /// <summary>Functions hosts, each with a worker process.</summary>
    Functions,
}
