"""A value is computed when first asked for, and kept by its object."""

from traceeval.measures.once import once


class Circle:
    def __init__(self, radius):
        self.radius = radius
        self.measured = 0

    @once
    def area(self):
        """Pi r squared, near enough."""
        self.measured += 1
        return 3 * self.radius**2


def test_it_is_computed_at_the_first_look_only():
    circle = Circle(2)
    assert circle.measured == 0
    assert [circle.area, circle.area] == [12, 12]
    assert circle.measured == 1


def test_none_is_kept_too():
    class Nothing:
        looks = 0

        @once
        def found(self):
            self.looks += 1

    nothing = Nothing()
    assert [nothing.found, nothing.found, nothing.looks] == [None, None, 1]


def test_every_object_has_its_own():
    small, large = Circle(1), Circle(10)
    assert [small.area, large.area, small.area] == [3, 300, 3]


def test_the_class_shows_the_property_with_its_docstring():
    assert isinstance(Circle.area, once)
    assert Circle.area.__doc__ == "Pi r squared, near enough."
