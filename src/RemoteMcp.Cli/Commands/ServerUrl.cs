using System.CommandLine.Parsing;

namespace RemoteMcp.Cli.Commands;

/// <summary>Parses the URL of a server from an option. The URL is written to configuration files.</summary>
internal static class ServerUrl
{
    /// <summary>Returns the parsed URL. If the URL is invalid, adds an error to <paramref name="result"/>.</summary>
    public static Uri? Parse(string option, string text, SymbolResult result)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url)
            || text.Any(char.IsWhiteSpace)
            || url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps)
        {
            result.AddError($"{option}: '{text}' is not an absolute http or https URL, such as https://mcp.example.com/mcp.");
        }
        else if (url.UserInfo.Length > 0)
        {
            result.AddError(
                $"{option}: the URL has a user name or password, which would end up in files and logs. Remove it. Clients sign users in.");
        }
        else if (url.Fragment.Length > 0)
        {
            result.AddError($"{option}: '{text}' has a fragment (#…), which clients never send to a server. Remove it.");
        }

        return url;
    }
}
