namespace RemoteMcp.Emulators.Directories;

/// <summary>A user of a tenant.</summary>
public sealed class User
{
    /// <summary>The <c>oid</c> claim. It is the same for every application.</summary>
    public required string ObjectId { get; init; }

    /// <summary>
    /// The <c>upn</c> of v1 tokens, the <c>preferred_username</c> of v2 tokens, and the value that <c>login_hint</c> contains.
    /// </summary>
    public required string PrincipalName { get; init; }

    public required string DisplayName { get; init; }

    /// <summary>The address in Graph's responses and in the <c>email</c> claim. The default is the principal name.</summary>
    public string Mail { get => field ?? PrincipalName; init; }

    public string? JobTitle { get; init; }
}
