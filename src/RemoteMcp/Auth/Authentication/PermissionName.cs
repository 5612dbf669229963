using System.Buffers;

namespace RemoteMcp.Auth.Authentication;

/// <summary>Checks the names of scopes and app roles.</summary>
internal static class PermissionName
{
    public const int MaxLength = 120;

    public const string Rule = "the value of a scope or app role in the app registration: 1 to 120 letters, digits, '.', '_' or '-', "
        + "without the identifier URI";

    // Stricter than RFC 6749, section 3.3, and than Entra: clients would read a '/' as the end of the identifier URI.
    private static readonly SearchValues<char> s_allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    public static bool IsValid(string? name) => name is { Length: > 0 and <= MaxLength } && !name.AsSpan().ContainsAnyExcept(s_allowed);
}
