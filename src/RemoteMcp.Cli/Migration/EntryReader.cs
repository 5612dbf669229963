using System.Text.Json;
using System.Text.RegularExpressions;

namespace RemoteMcp.Cli.Migration;

/// <summary>Reads the entry of one server in a client's configuration file. The entry can contain any JSON value.</summary>
internal static partial class EntryReader
{
    private const string Proxy = "mcp-remote";

    /// <summary>Reads the entry of a server.</summary>
    public static ConfiguredServer Read(IReadOnlyList<string> section, string name, JsonElement entry)
    {
        if (entry.ValueKind != JsonValueKind.Object)
        {
            return Invalid($"is {KindName(entry)}, but must be an object");
        }

        if (!IsText(entry))
        {
            return Invalid("has text that is not valid Unicode");
        }

        var server = new ConfiguredServer(section, name, ServerKind.Local)
        {
            Entry = entry,
            Environment = EnvironmentNames(entry),
            Inputs = [.. InputReference().Matches(entry.GetRawText()).Select(match => match.Groups["id"].Value).Distinct()],
        };
        if (entry.TryGetProperty("command", out var command))
        {
            if (Text(command) is not { Length: > 0 } executable)
            {
                return Invalid("has a command that is not a string");
            }

            if (Arguments(entry) is not { } arguments)
            {
                return Invalid("has args that are not a list of strings");
            }

            var launch = Launch.Of(executable, arguments);
            return launch.Program == Proxy && launch.ProgramArguments.Select(Address).FirstOrDefault(url => url is not null) is { } target
                ? server with { Kind = ServerKind.Proxied, Launch = launch, Url = target }
                : server with { Launch = launch };
        }

        return entry.TryGetProperty("url", out var address)
            ? Text(address) is { } text && Address(text) is { } url
                ? server with { Kind = ServerKind.Remote, Url = url }
                : Invalid("has a url that is not an http or https URL")
            : Invalid("has neither command nor url");

        ConfiguredServer Invalid(string problem) => new(section, name, ServerKind.Invalid) { Entry = entry, Problem = problem };
    }

    /// <summary>Returns the values of the environment variables. Callers can inspect the values but must never show them.</summary>
    public static IEnumerable<string> EnvironmentValues(JsonElement entry) =>
        entry.TryGetProperty("env", out var env) && env.ValueKind == JsonValueKind.Object
            ? env.EnumerateObject().Select(each => Text(each.Value)).OfType<string>()
            : [];

    /// <summary>Returns the name of a property, or null if the name is not valid Unicode.</summary>
    public static string? NameOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Returns the kind of a value in words.</summary>
    public static string KindName(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Null => "null",
        JsonValueKind.True or JsonValueKind.False => "a boolean",
        JsonValueKind.Number => "a number",
        _ => "an object",
    };

    private static string? Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    // JSON can contain half of a surrogate pair. The code that processes the entry later would fail on it.
    private static bool IsText(JsonElement value)
    {
        try
        {
            return value.ValueKind switch
            {
                JsonValueKind.String => value.GetString() is not null,
                JsonValueKind.Array => value.EnumerateArray().All(IsText),
                JsonValueKind.Object => value.EnumerateObject().All(static member => NameOf(member) is not null && IsText(member.Value)),
                _ => true,
            };
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static string[]? Arguments(JsonElement entry)
    {
        if (!entry.TryGetProperty("args", out var args))
        {
            return [];
        }

        if (args.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        string[] texts = [.. args.EnumerateArray().Select(Text).OfType<string>()];
        return texts.Length == args.GetArrayLength() ? texts : null;
    }

    private static Uri? Address(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" ? url : null;

    private static string[] EnvironmentNames(JsonElement entry) =>
        entry.TryGetProperty("env", out var env) && env.ValueKind == JsonValueKind.Object
            ? [.. env.EnumerateObject().Select(each => each.Name).Distinct()]
            : [];

    [GeneratedRegex(@"\$\{input:(?<id>[^}""\\]{1,100})\}")]
    private static partial Regex InputReference();
}
