namespace RemoteMcp.Emulators.Directories;

/// <summary>A managed identity that Azure assigns to a compute resource.</summary>
public sealed class AssignedIdentity
{
    public required string ClientId { get; init; }

    /// <summary>
    /// The principal ID: the <c>oid</c> and <c>sub</c> of the identity's tokens, and the subject of a federated credential.
    /// </summary>
    public required string ObjectId { get; init; }

    /// <summary>The Azure resource ID of a user-assigned identity, or of the compute resource of a system-assigned identity.</summary>
    public required string ResourceId { get; init; }

    /// <summary>Whether a request without <c>client_id</c> gets a token of this identity.</summary>
    public bool SystemAssigned { get; init; }
}
