namespace RemoteMcp.Protocol;

/// <summary>Represents a feature of an HTTP request that is one message of a batch, not a POST of its own.</summary>
internal sealed class BatchMember
{
    public static BatchMember Instance { get; } = new();
}
