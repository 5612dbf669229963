using System.CommandLine.Parsing;

namespace RemoteMcp.Cli.Commands;

/// <summary>The URL of a server, as it is given to an option and written into configuration files.</summary>
internal static class ServerUrl
{
    /// <summary>Reads it, or adds to <paramref name="result"/> what is wrong with it.</summary>
    public static Uri? Parse(string option, string text, SymbolResult result)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps)
        {
            result.AddError($"{option}: '{text}' is not an absolute http or https URL, such as https://mcp.example.com/mcp.");
        }
        else if (url.UserInfo.Length > 0)
        {
            result.AddError($"{option}: a user name or password in a URL ends up in files and logs; leave it out, clients sign in by themselves.");
        }
        else if (url.Fragment.Length > 0)
        {
            result.AddError($"{option}: '{text}' has a fragment (#…), which is never sent to a server; leave it out.");
        }

        return url;
    }
}
