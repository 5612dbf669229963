using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using OpenIddict.Abstractions;

namespace RemoteMcp.AuthorizationServer.SignIn;

/// <summary>
/// Represents the parameters of a client's authorization request as a query string in one fixed order. While the person signs in, the
/// browser carries it. A ticket is valid for exactly this text.
/// </summary>
internal static class AuthorizationRequest
{
    /// <summary>
    /// The maximum length in characters. Sealed, the request takes up to 4.4 KB of the URL to which Entra ID redirects. Kestrel accepts
    /// URLs of up to 8 KB, and Entra's code has about 1.5 KB.
    /// </summary>
    public const int MaxLength = 3072;

    public const string Ticket = "ticket";
    public const string Decision = "decision";

    private static readonly string[] s_parameters =
    [
        OpenIddictConstants.Parameters.ResponseType,
        OpenIddictConstants.Parameters.ClientId,
        OpenIddictConstants.Parameters.RedirectUri,
        OpenIddictConstants.Parameters.Scope,
        OpenIddictConstants.Parameters.State,
        OpenIddictConstants.Parameters.CodeChallenge,
        OpenIddictConstants.Parameters.CodeChallengeMethod,
        OpenIddictConstants.Parameters.Resource,
        OpenIddictConstants.Parameters.ResponseMode,
        OpenIddictConstants.Parameters.Prompt,
    ];

    /// <summary>Returns the parameters that the server uses, in the fixed order.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Parameters(OpenIddictRequest request)
    {
        foreach (var name in s_parameters)
        {
            if ((string?)request[name] is { Length: > 0 } value)
            {
                yield return new(name, value);
            }
        }
    }

    /// <summary>Returns the query string of a request.</summary>
    public static string Describe(OpenIddictRequest request) =>
        QueryHelpers.AddQueryString("", Parameters(request).Select(static each => new KeyValuePair<string, string?>(each.Key, each.Value)));

    /// <summary>Returns a hash of the query string. A ticket contains it, because the request itself would be too long.</summary>
    public static string HashOf(string description) => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(description)));
}
