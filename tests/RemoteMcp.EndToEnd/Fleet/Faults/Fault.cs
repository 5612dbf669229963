namespace RemoteMcp.EndToEnd.Fleet.Faults;

/// <summary>What happens to a request to the storage.</summary>
internal enum Fault
{
    None,

    /// <summary>Applied; the answer takes its time, but comes.</summary>
    SlowAnswer,

    /// <summary>Applied; the answer comes when nobody waits for it any longer.</summary>
    LateAnswer,

    /// <summary>Applied; the connection breaks before the answer.</summary>
    LostAnswer,

    /// <summary>Not applied: the connection breaks.</summary>
    LostRequest,

    /// <summary>Not applied: 503 with Retry-After, as a partition with too many requests says it.</summary>
    Throttled,

    /// <summary>Not applied: 500.</summary>
    Failed,
}
