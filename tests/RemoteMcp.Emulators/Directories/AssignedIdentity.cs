namespace RemoteMcp.Emulators.Directories;

/// <summary>An identity that Azure gives to a compute resource.</summary>
public sealed class AssignedIdentity
{
    public required string ClientId { get; init; }

    /// <summary>The principal id: the <c>oid</c> and <c>sub</c> of its tokens, and the subject of a federated credential.</summary>
    public required string ObjectId { get; init; }

    /// <summary>The Azure resource id of a user-assigned identity, or of the compute resource of the system-assigned one.</summary>
    public required string ResourceId { get; init; }

    /// <summary>The one that a request without <c>client_id</c> gets.</summary>
    public bool SystemAssigned { get; init; }
}
