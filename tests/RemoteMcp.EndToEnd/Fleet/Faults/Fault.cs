namespace RemoteMcp.EndToEnd.Fleet.Faults;

/// <summary>The fault that a request to the storage meets.</summary>
internal enum Fault
{
    None,

    /// <summary>The storage applies the request and responds slowly.</summary>
    SlowAnswer,

    /// <summary>The storage applies the request and responds after the client has given up.</summary>
    LateAnswer,

    /// <summary>The storage applies the request, and the connection breaks before the response.</summary>
    LostAnswer,

    /// <summary>The connection breaks before the storage receives the request.</summary>
    LostRequest,

    /// <summary>The storage does not apply the request and responds with 503 and Retry-After, like an overloaded partition.</summary>
    Throttled,

    /// <summary>The storage does not apply the request and responds with 500.</summary>
    Failed,
}
