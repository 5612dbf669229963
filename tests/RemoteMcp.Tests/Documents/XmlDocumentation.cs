using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace RemoteMcp.Tests.Documents;

/// <summary>Reads the summaries of types and properties from the documentation files that the build writes beside the assemblies.</summary>
internal sealed partial class XmlDocumentation
{
    private readonly Dictionary<string, XElement> _members;

    public XmlDocumentation(params string[] assemblies) => _members = assemblies
        .SelectMany(static assembly => XDocument.Load(Path.Combine(AppContext.BaseDirectory, assembly + ".xml")).Descendants("member"))
        .DistinctBy(static member => member.Attribute("name")!.Value)
        .ToDictionary(static member => member.Attribute("name")!.Value);

    /// <summary>Returns the summary of a type as Markdown, without the sentence that names its section.</summary>
    public string OfType(Type type) => WhiteSpace().Replace(SectionSentence().Replace(Markdown($"T:{type.FullName}"), ""), " ").Trim();

    /// <summary>Returns the summary of a property as Markdown, without "Gets or sets".</summary>
    public string OfProperty(Type type, string property)
    {
        var summary = Markdown($"P:{type.FullName}.{property}");
        var meaning = summary.StartsWith("Gets or sets ", StringComparison.Ordinal)
            ? summary["Gets or sets ".Length..]
            : summary["Gets ".Length..];
        return char.ToUpperInvariant(meaning[0]) + meaning[1..];
    }

    private string Markdown(string member)
    {
        var text = string.Concat(_members[member].Element("summary")!.Nodes().Select(static node => node switch
        {
            XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
            XElement { Name.LocalName: "see" } see =>
                $"`{see.Attribute("langword")?.Value ?? see.Attribute("cref")!.Value.Split('.')[^1]}`",
            var other => other.ToString(),
        }));
        return WhiteSpace().Replace(System.Net.WebUtility.HtmlDecode(text), " ").Trim();
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();

    [GeneratedRegex(@"(Configuration section: |Section )`[^`]*`\.")]
    private static partial Regex SectionSentence();
}
