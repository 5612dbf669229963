using System.Diagnostics.CodeAnalysis;
using ModelContextProtocol;
using RemoteMcp.Tools.Shared;

namespace RemoteMcp.Tools.Advice;

/// <summary>Names of needs and use cases, read as people write them, with an answer that helps where one is not known.</summary>
internal static class AdviceArguments
{
    /// <summary>The most names that one list may have; there are fewer to choose from.</summary>
    public const int MaxNames = 50;

    private delegate bool Lookup<T>(string name, [MaybeNullWhen(false)] out T value);

    /// <summary>Reads names of needs.</summary>
    /// <exception cref="McpException">One is not known, or there are too many.</exception>
    public static IReadOnlyList<DeploymentNeed> Needs(string argument, IReadOnlyCollection<string?> names) =>
        Read<DeploymentNeed>(argument, names, NeedNames.All.Keys, NeedNames.All.TryGetValue);

    /// <summary>Reads names of use cases.</summary>
    /// <exception cref="McpException">One is not known, or there are too many.</exception>
    public static IReadOnlyList<UseCase> UseCases(string argument, IReadOnlyCollection<string?> names) =>
        Read<UseCase>(argument, names, UseCaseTable.All.Select(static each => each.Id), UseCaseTable.TryFind);

    private static List<T> Read<T>(string argument, IReadOnlyCollection<string?> names, IEnumerable<string> known, Lookup<T> find)
    {
        if (names.Count > MaxNames)
        {
            throw new McpException($"{argument}: has {names.Count} names; at most {MaxNames} can be given.");
        }

        var found = new List<T>(names.Count);
        foreach (string? given in names)
        {
            string name = given?.Trim() ?? "";
            found.Add(find(name, out T? value)
                ? value
                : throw new McpException($"{argument}: {SafeText.Quote(name)} is not known. It is one of {string.Join(", ", known)}."));
        }

        return found;
    }
}
