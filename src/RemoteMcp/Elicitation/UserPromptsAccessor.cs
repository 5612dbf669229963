namespace RemoteMcp.Elicitation;

/// <summary>
/// Holds the <see cref="UserPrompts"/> of the current request, from the filter that creates it to the tool's parameter. Each request scope
/// has one instance.
/// </summary>
internal sealed class UserPromptsAccessor
{
    public UserPrompts? Current { get; set; }
}
