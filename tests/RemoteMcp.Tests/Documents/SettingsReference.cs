using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using RemoteMcp.Auth.Authentication;
using RemoteMcp.Configuration;
using RemoteMcp.Storage;
using RemoteMcp.Tools;

namespace RemoteMcp.Tests.Documents;

/// <summary>Writes the tables of settings from the options classes: their properties, XML docs, and default values.</summary>
internal static class SettingsReference
{
    private static readonly XmlDocumentation s_documentation = new("RemoteMcp", "RemoteMcp.Tools");

    private static IEnumerable<KnownSection> Sections =>
    [
        new(RemoteMcpOptions.Section, typeof(RemoteMcpOptions)),
        new(StorageOptions.Section, typeof(StorageOptions)),
        .. new ServiceCollection().AddKnownSections().AddKnownToolSections()
            .Select(static service => service.ImplementationInstance).OfType<KnownSection>(),
    ];

    /// <summary>Returns a table with one row for each section.</summary>
    public static string Overview()
    {
        var text = new StringBuilder("| section | what it sets | settings |\n| --- | --- | --- |\n");
        foreach (var section in Sections)
        {
            var names = Settings(section.OptionsType).Select(static property => $"`{property.Name}`");
            text.Append(CultureInfo.InvariantCulture, $"| [`{section.Path}`](docs/settings.md#{Anchor(section.Path)}) ");
            var purpose = MarkdownText.Cell(FirstSentence(section.OptionsType));
            text.Append(CultureInfo.InvariantCulture, $"| {purpose} | {string.Join(", ", names)} |\n");
        }

        return text.ToString();
    }

    /// <summary>Returns a heading and a table for each section, with one row for each setting.</summary>
    public static string Details()
    {
        var text = new StringBuilder();
        foreach (var section in Sections)
        {
            text.Append(CultureInfo.InvariantCulture, $"## `{section.Path}`\n\n{s_documentation.OfType(section.OptionsType)}\n\n");
            text.Append("| setting | meaning | default |\n| --- | --- | --- |\n");
            var defaults = Activator.CreateInstance(section.OptionsType)!;
            foreach (var property in Settings(section.OptionsType))
            {
                AppendRows(text, section, property, property.GetValue(defaults));
            }

            text.Append('\n');
        }

        return text.ToString().TrimEnd() + "\n";
    }

    private static void AppendRows(StringBuilder text, KnownSection section, PropertyInfo property, object? value)
    {
        var meaning = MarkdownText.Cell(s_documentation.OfProperty(section.OptionsType, property.Name));
        var path = $"{section.Path}:{property.Name}";
        if (property.PropertyType == typeof(IDictionary<string, ToolPermissions>))
        {
            text.Append(CultureInfo.InvariantCulture, $"| `{path}:TOOL` | {meaning} | |\n");
            foreach (var inner in Settings(typeof(ToolPermissions)))
            {
                var innerMeaning = MarkdownText.Cell(s_documentation.OfProperty(typeof(ToolPermissions), inner.Name));
                text.Append(CultureInfo.InvariantCulture, $"| `{path}:TOOL:{inner.Name}:0`, `:1` … | {innerMeaning} | |\n");
            }
        }
        else if (typeof(IEnumerable).IsAssignableFrom(property.PropertyType) && property.PropertyType != typeof(string))
        {
            text.Append(CultureInfo.InvariantCulture, $"| `{path}:0`, `:1` … | {meaning} | |\n");
        }
        else
        {
            text.Append(CultureInfo.InvariantCulture, $"| `{path}` | {meaning} |{(Default(value) is { } shown ? $" `{shown}` " : " ")}|\n");
        }
    }

    private static PropertyInfo[] Settings(Type options) => options.GetProperties(BindingFlags.Public | BindingFlags.Instance);

    private static string? Default(object? value) => value switch
    {
        null or "" => null,
        bool flag => flag ? "true" : "false",
        TimeSpan { Milliseconds: not 0 } time => time.ToString("c", CultureInfo.InvariantCulture).TrimEnd('0'),
        TimeSpan time => time.ToString("c", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };

    // The summaries of options classes begin with "Options for" or "Options of".
    private static string FirstSentence(Type options)
    {
        var sentence = MarkdownText.FirstSentence(s_documentation.OfType(options));
        return sentence.StartsWith("Options ", StringComparison.Ordinal) ? sentence[(sentence.IndexOf(' ', 8) + 1)..] : sentence;
    }

    // The anchor that GitHub creates for the heading of a section.
    private static string Anchor(string path) => path.Replace(":", "", StringComparison.Ordinal).ToLowerInvariant();
}
