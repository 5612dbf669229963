using System.Diagnostics.CodeAnalysis;
using ModelContextProtocol;

namespace RemoteMcp.Tools.Advice;

/// <summary>Parses the names of needs and use cases. If a name is unknown, the error lists the valid names.</summary>
internal static class AdviceArguments
{
    /// <summary>The maximum number of names in a list. There are fewer valid names.</summary>
    public const int MaxNames = 50;

    private delegate bool Lookup<T>(string name, [MaybeNullWhen(false)] out T value);

    /// <summary>Parses the names of needs.</summary>
    /// <exception cref="McpException">A name is unknown, or there are too many names.</exception>
    public static IReadOnlyList<DeploymentNeed> Needs(string argument, IReadOnlyCollection<string?> names) =>
        Read<DeploymentNeed>(argument, names, NeedNames.All.Keys, NeedNames.All.TryGetValue);

    /// <summary>Parses the names of use cases.</summary>
    /// <exception cref="McpException">A name is unknown, or there are too many names.</exception>
    public static IReadOnlyList<UseCase> UseCases(string argument, IReadOnlyCollection<string?> names) =>
        Read<UseCase>(argument, names, UseCaseTable.All.Select(static each => each.Id), UseCaseTable.TryFind);

    private static List<T> Read<T>(string argument, IReadOnlyCollection<string?> names, IEnumerable<string> known, Lookup<T> find)
    {
        if (names.Count > MaxNames)
        {
            throw new McpException($"{argument}: has {names.Count} names. Use at most {MaxNames}.");
        }

        var found = new List<T>(names.Count);
        foreach (var given in names)
        {
            var name = given?.Trim() ?? "";
            found.Add(find(name, out var value)
                ? value
                : throw new McpException($"{argument}: unknown value {SafeText.Quote(name)}. Use one of {string.Join(", ", known)}."));
        }

        return found;
    }
}
