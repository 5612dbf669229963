using System.Collections;
using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace RemoteMcp.Configuration;

/// <summary>
/// Checks that each setting below <c>RemoteMcp</c> belongs to a property of the options and has a valid format. Create an instance for one
/// check, before the host is built.
/// </summary>
internal sealed class SettingsCheck
{
    private readonly Dictionary<string, Type> _sections;
    private readonly IConfiguration _configuration;
    private readonly List<string> _problems = [];

    /// <summary>Initializes a new instance.</summary>
    /// <param name="sections">The known sections.</param>
    /// <param name="configuration">The host's configuration.</param>
    public SettingsCheck(IEnumerable<KnownSection> sections, IConfiguration configuration)
    {
        _configuration = configuration;
        _sections = sections.DistinctBy(static section => section.Path, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(
                static section => section.Path[(RemoteMcpOptions.Section.Length + 1)..],
                static section => section.OptionsType,
                StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Returns one message for each setting that is unknown or cannot be read.</summary>
    public IReadOnlyList<string> FindProblems()
    {
        var properties = Properties(typeof(RemoteMcpOptions));
        foreach (var child in _configuration.GetSection(RemoteMcpOptions.Section).GetChildren())
        {
            if (_sections.TryGetValue(child.Key, out var options))
            {
                CheckSection(child, options);
            }
            else if (properties.TryGetValue(child.Key, out var property))
            {
                CheckValue(child, property);
            }
            else
            {
                AddUnknown(child, [.. _sections.Keys, .. properties.Keys]);
            }
        }

        return _problems;
    }

    private void CheckSection(IConfigurationSection section, Type options)
    {
        if (!string.IsNullOrEmpty(section.Value))
        {
            _problems.Add(
                $"{section.Path} is '{section.Value}'{Origin(section.Path)}, but it is a section. Set one of "
                    + $"{List(section.Path, Properties(options).Keys)}.");
        }

        var properties = Properties(options);
        foreach (var child in section.GetChildren())
        {
            if (properties.TryGetValue(child.Key, out var property))
            {
                CheckValue(child, property);
            }
            else
            {
                AddUnknown(child, properties.Keys);
            }
        }
    }

    private void CheckValue(IConfigurationSection setting, Type type)
    {
        if (type != typeof(string) && DictionaryValueType(type) is { } entryType)
        {
            if (!string.IsNullOrEmpty(setting.Value))
            {
                _problems.Add(
                    $"{setting.Path} is '{setting.Value}'{Origin(setting.Path)}, but it is a section. Set "
                        + $"{List($"{setting.Path}:NAME", Properties(entryType).Keys)}.");
            }

            foreach (var child in setting.GetChildren())
            {
                CheckSection(child, entryType);
            }
        }
        else if (type != typeof(string) && type.IsAssignableTo(typeof(IEnumerable)))
        {
            CheckList(setting);
        }
        else if (setting.GetChildren().FirstOrDefault() is { } nested)
        {
            AddUnknown(nested, []);
        }
        else if (SettingValue.FindProblem(setting.Value, type) is { } problem)
        {
            _problems.Add($"{setting.Path} is '{setting.Value}'{Origin(setting.Path)}. {problem}");
        }
    }

    private void CheckList(IConfigurationSection setting)
    {
        if (!string.IsNullOrEmpty(setting.Value))
        {
            _problems.Add(
                $"{setting.Path} is '{setting.Value}'{Origin(setting.Path)}, but it is a list. "
                    + $"Set each entry separately: {setting.Path}:0, {setting.Path}:1, and so on.");
        }

        foreach (var child in setting.GetChildren())
        {
            if (child.GetChildren().FirstOrDefault() is { } nested)
            {
                AddUnknown(nested, []);
            }
            else if (!int.TryParse(child.Key, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            {
                _problems.Add($"{child.Path}{Origin(child.Path)} is a list entry without a number. Write {setting.Path}:0, "
                    + $"{setting.Path}:1, and so on.");
            }
        }
    }

    private void AddUnknown(IConfigurationSection unknown, IEnumerable<string> knownNames)
    {
        // If a section is unknown, the message begins with the first setting in it, because that is what a person set.
        var setting = unknown;
        while (setting.Value is null && setting.GetChildren().FirstOrDefault() is { } nested)
        {
            setting = nested;
        }

        var parent = unknown.Path[..^(unknown.Key.Length + 1)];
        var cause = setting == unknown ? "" : $": there is no section {unknown.Path}";
        var remedy = NearestName.Find(unknown.Key, knownNames) is { } nearest ? $" Did you mean {parent}:{nearest}?"
            : knownNames.Any() ? $" The valid names are {List(parent, knownNames)}."
            : " Remove it.";
        // The message does not contain the value, because it can be a secret with a misspelled name.
        _problems.Add($"{setting.Path}{Origin(setting.Path)} does not exist{cause}.{remedy}");
    }

    private string Origin(string path) => SettingOrigin.Describe(_configuration, path) is { } origin ? $" (set by {origin})" : "";

    private static string List(string parent, IEnumerable<string> names) =>
        string.Join(", ", names.Order(StringComparer.Ordinal).Select(name => $"{parent}:{name}"));

    private static Dictionary<string, Type> Properties(Type options) => options.GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(static property => property.CanWrite
            || property.PropertyType.IsAssignableTo(typeof(IEnumerable))
            || DictionaryValueType(property.PropertyType) is not null)
        .ToDictionary(static property => property.Name, static property => property.PropertyType, StringComparer.OrdinalIgnoreCase);

    private static Type? DictionaryValueType(Type type) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IDictionary<,>) ? type.GetGenericArguments()[1] : null;
}
