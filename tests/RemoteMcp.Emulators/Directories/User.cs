namespace RemoteMcp.Emulators.Directories;

/// <summary>A user of a tenant.</summary>
public sealed class User
{
    private bool _disabled;

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

    /// <summary>Whether a <c>login_hint</c> names this user.</summary>
    public bool HasName(string? name) => string.Equals(PrincipalName, name, StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// Whether an administrator has blocked the account. It cannot sign in, and its grants give no more tokens. It can change while the
    /// emulator runs.
    /// </summary>
    public bool Disabled
    {
        get => Volatile.Read(ref _disabled);
        set => Volatile.Write(ref _disabled, value);
    }
}
