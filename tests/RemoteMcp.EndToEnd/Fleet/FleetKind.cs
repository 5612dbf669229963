namespace RemoteMcp.EndToEnd.Fleet;

/// <summary>What the instances of a fleet are.</summary>
public enum FleetKind
{
    /// <summary>Processes with the pipeline on Kestrel, as in <c>remote-mcp serve</c>.</summary>
    Serve,

    /// <summary>Functions hosts, each with a worker process.</summary>
    Functions,
}
