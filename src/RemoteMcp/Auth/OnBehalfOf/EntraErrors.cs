using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Identity.Client;

namespace RemoteMcp.Auth.OnBehalfOf;

/// <summary>
/// Reads the errors of Entra ID. The message of an error contains its number, such as <c>AADSTS65001</c>. The rest of the message is left
/// out, because it can contain people's names.
/// </summary>
internal static partial class EntraErrors
{
    private const string Prefix = "AADSTS";

    /// <summary>Returns the first error number in a text, with its prefix, or an empty string if there is none.</summary>
    public static string FindNumber(string text) => Number().Match(text).Value;

    /// <summary>Returns the number of an error, or 0 if it has none.</summary>
    public static int NumberOf(MsalServiceException error) => FindNumber(error.Message) is { Length: > 0 } number
        ? int.Parse(number.AsSpan(Prefix.Length), CultureInfo.InvariantCulture)
        : 0;

    /// <summary>Returns the error number and the correlation id, with which an administrator finds the failed sign-in.</summary>
    public static string ReferenceOf(MsalServiceException error) =>
        $"{(FindNumber(error.Message) is { Length: > 0 } number ? number : error.ErrorCode)}, correlation id {error.CorrelationId}";

    [GeneratedRegex(Prefix + @"\d{1,9}")]
    private static partial Regex Number();
}
