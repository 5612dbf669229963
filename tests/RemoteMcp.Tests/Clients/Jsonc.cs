using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using RemoteMcp.Cli.Clients.Jsonc;

namespace RemoteMcp.Tests.Clients;

/// <summary>Reads JSON with comments independently of the editor, to verify the editor's results.</summary>
internal static partial class Jsonc
{
    public static JsonNode Parse(string text)
    {
        var json = StringsAndComments().Replace(text.TrimStart('\uFEFF'), match => match.Value[0] == '"' ? match.Value : " ");
        return JsonNode.Parse(json, documentOptions: new() { AllowTrailingCommas = true, MaxDepth = 1000 })!;
    }

    public static (string Text, JsoncChange Change) Set(string text, string[] path, JsonNode value)
    {
        var edit = JsoncEditor.Set(Encoding.UTF8.GetBytes(text), path, value);
        return (Encoding.UTF8.GetString(edit.Document), edit.Change);
    }

    [GeneratedRegex("""
        "(?:\\.|[^"\\])*"|/\*.*?\*/|//[^\r\n]*
        """, RegexOptions.Singleline)]
    private static partial Regex StringsAndComments();
}
