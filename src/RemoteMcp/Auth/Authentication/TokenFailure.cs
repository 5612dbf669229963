using System.Text.RegularExpressions;
using Microsoft.IdentityModel.Tokens;

namespace RemoteMcp.Auth.Authentication;

/// <summary>
/// Describes for the log why the library refused a token. The messages of the library have up to 25 KB, and contain claims and keys. The
/// description contains neither.
/// </summary>
internal static partial class TokenFailure
{
    /// <summary>Returns the class of the failure, and the number of the library's message.</summary>
    public static string Describe(Exception failure)
    {
        var problem = failure switch
        {
            SecurityTokenExpiredException => "expired",
            SecurityTokenNotYetValidException => "not yet valid",
            SecurityTokenNoExpirationException or SecurityTokenInvalidLifetimeException => "invalid lifetime",
            SecurityTokenInvalidAudienceException => "another audience",
            SecurityTokenInvalidIssuerException => "another issuer",
            SecurityTokenInvalidTypeException => "another type",
            SecurityTokenSignatureKeyNotFoundException => "unknown key",
            SecurityTokenInvalidAlgorithmException => "another algorithm",
            SecurityTokenInvalidSignatureException => "invalid signature",
            SecurityTokenMalformedException => "malformed",
            _ => failure.GetType().Name,
        };
        return Number().Match(failure.Message) is { Success: true, Value: var number } ? $"{problem} ({number})" : problem;
    }

    [GeneratedRegex(@"\AIDX\d{5}")]
    private static partial Regex Number();
}
